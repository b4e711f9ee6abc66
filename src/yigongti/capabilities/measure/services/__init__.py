"""Commands of measuring: computing results, freezing and reproducing runs, assessing, acknowledging."""
