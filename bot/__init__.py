"""The edge: transports, vendor clients, dispatch, wiring, command line. The only room that opens sockets."""
