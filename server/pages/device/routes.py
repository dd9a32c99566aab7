"""The routes of this folder."""

from server.pages.device import device, worker

routes = [*worker.routes, *device.routes]
