"""Lake, engines and the fused indicator runner. Knows no capability; is handed expressions."""
