"""Who answers for an idea: organisations that offer, confirm, hand over and give back."""
