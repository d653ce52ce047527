"""The edge: transports, vendor clients, dispatch, wiring and the command line. The only room that opens sockets."""
