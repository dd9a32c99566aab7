"""Pages of judgements: charts, tables, and other ways to weigh."""
