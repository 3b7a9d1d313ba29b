"""What answers of models cost in energy, carbon dioxide and water: estimated, low to high, and added up."""
