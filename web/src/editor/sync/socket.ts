/** The connection to `/collab`: the unmodified protocol of hocuspocus, with two habits of ours. */

import { HocuspocusProviderWebsocket } from "@hocuspocus/provider";

const RETRY_MS_MIN = 500;
const RETRY_MS_SPREAD = 1_500;
const RETRY_MS_MAX = 15_000;

export class CollabSocket extends HocuspocusProviderWebsocket {
  constructor() {
    const url = new URL("/collab", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    super({
      url: url.href,
      // Everyone loses a restarted server in the same instant; nobody should come back in it.
      // An integer, or the provider gives up without a word.
      delay: RETRY_MS_MIN + Math.floor(Math.random() * RETRY_MS_SPREAD),
      minDelay: RETRY_MS_MIN,
      maxDelay: RETRY_MS_MAX,
      jitter: true,
    });
  }

  /**
   * Nothing is queued while there is no connection: the handshake brings everything. The queue
   * would be sent beside it, and its acknowledgements would be taken for those of newer changes.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the overridden method
  override send(message: any): void {
    if (this.webSocket?.readyState === WebSocket.OPEN) super.send(message);
  }

  /** Give up a connection that no longer answers; a new one is tried at once. */
  restart(): void {
    this.webSocket?.close();
  }
}
