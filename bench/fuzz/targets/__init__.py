"""What is fuzzed: each target makes inputs, takes them in, and checks what must hold after each."""
