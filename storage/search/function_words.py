"""Words that are in every text and so say nothing about any, German and English."""

_LISTED = """
ab aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis da dabei
damit dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch
dort durch ein eine einem einen einer eines er es etwas für gegen gibt haben hat hier ich
ihr ihre im in ins ist ja jede jeden jeder jedes kann kein keine können man mehr mein mit
muss müssen nach nicht noch nur ob oder ohne schon sehr sein seine sich sie sind so soll
sollen sowie über um und uns unser unsere unter viel viele vom von vor war was weil wenn wer
werden wie wir wird wo zu zum zur zwischen a and are as at be by can for from has have in is
it of on or our should that the their there this to we what where which who will with
"""

FUNCTION_WORDS = frozenset(_LISTED.split())
