"""The engine: tensors in, tensors out. It prints nothing, opens nothing and knows no wire."""
