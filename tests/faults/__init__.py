"""Kill -9 under load, and count from what the clients wrote down (issue: bad input, RELIABILITY §3).

The machine: one gateway, a connector process per party, a driver process per corporation (an ERP that
hands messages to its connector) and a consumer process per municipality (an application that takes them out).
Drivers and consumers keep journals of their own. The checker reads those and the parties' spools, never
the gateway's tables.
"""
