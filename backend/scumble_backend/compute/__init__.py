"""The compute child: a job's pictures to tensors, through the engine, and back."""
