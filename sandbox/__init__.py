"""The platforms, simulated over the wire, with a page in the browser to chat as anyone. Imports no other room."""
