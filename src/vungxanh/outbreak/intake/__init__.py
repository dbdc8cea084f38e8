"""Lists that come in: read, understood column by column, checked cell by cell, written as a job."""
