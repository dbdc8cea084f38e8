// What this gate keeps: who it is (one row) and the records that are not delivered yet.
import { openKept } from "../js/kept.js";

export const { recall, remember, keep, waiting, count, forget } = openKept("vungxanh-gate");
