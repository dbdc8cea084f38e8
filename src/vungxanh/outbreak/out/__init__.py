"""What leaves the workbench: line lists, R tables, maps, FHIR, calendars, the reports that the law asks for."""
