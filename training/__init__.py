"""How every trained network of this project but the tagger is made again, from the data in these folders."""
