"""The history of the tables; never imports a model."""
