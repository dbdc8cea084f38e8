// The pattern page shows the states that a real page reaches only in trouble.
document.documentElement.dataset.patterns = "1";
