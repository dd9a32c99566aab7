"""The pages of measures: the register, a measure, its commitment, central measures."""
