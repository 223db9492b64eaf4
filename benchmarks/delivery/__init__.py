"""How fast mail is handed over: duban beside what the wire allows and beside other queues."""
