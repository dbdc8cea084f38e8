"""From keys in the database to padded, signed files with an index. Every step may die and be begun again."""
