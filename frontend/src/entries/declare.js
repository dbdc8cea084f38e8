// The whole form without network; a page of its own because nobody else needs it.
import "../declare/whole.js";
