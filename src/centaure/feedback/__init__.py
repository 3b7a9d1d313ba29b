"""What people think of answers: blind comparisons, and the ranking that follows from them."""
