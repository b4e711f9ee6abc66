"""How the consortium's money is shared, bought by results and watched: pure, exact to the fen, with reasons."""
