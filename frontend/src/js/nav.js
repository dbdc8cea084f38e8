/** On a telephone the rooms stand in one line: bring the one that is open into sight. */
export function showWhereOneIs() {
  const here = document.querySelector(".vx-nav [aria-current]");
  const line = here?.closest("ul");
  if (line && line.scrollWidth > line.clientWidth) line.scrollLeft = here.offsetLeft - line.offsetLeft - 16;
}
