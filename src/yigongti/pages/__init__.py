"""The page kit: base templates, derived pages, tables, charts, forms. Knows no capability."""
