"""The server: who may talk to it, the queue of jobs, what is sent and kept; free of torch."""
