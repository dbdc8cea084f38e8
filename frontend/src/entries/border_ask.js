// The traveller's form: a photograph of the passport's two lines fills what they say, on every page that asks for it.
import { fill, forgetCard, keepCard, offered } from "../declare/card.js";
import { fieldsOf } from "../border/zone_fields.js";
import { offerZone } from "../border/zone_input.js";

if (document.querySelector("[data-zone]")) fill(offered());
if (document.querySelector("[data-zone-done]")) forgetCard();
offerZone((text) => {
  const found = fieldsOf(text);
  keepCard(found);
  fill(found);
});
