"""How tied the whole is: density, reciprocity, centralisation, components, distances."""
