import { quote } from "@/api/filter";
import { type FieldScale, valueAt } from "./columns";

/** Seven digits are read easily and miss no run that a range on the screen holds by more than a pixel. */
const digits = 7;

/** A number for a border, rounded away from the range so that nothing at its edge falls out. */
function border(value: number, up: boolean): string {
  const rounded = Number.parseFloat(value.toPrecision(digits));
  const unit = Math.abs(rounded) * 10 ** (1 - digits);
  const outside = up ? (rounded < value ? rounded + unit : rounded) : rounded > value ? rounded - unit : rounded;
  return String(Number.parseFloat(outside.toPrecision(digits + 1)));
}

/** What of the filter language holds for runs in a part of a scale, 0 to 1. */
export function fieldCondition(scale: FieldScale, from: number, to: number): string {
  if (scale.kind === "category") {
    const last = Math.max(1, scale.categories.length - 1);
    const chosen = scale.categories.filter((_, at) => at / last >= from - 1e-6 && at / last <= to + 1e-6);
    return chosen.length === 1
      ? `${scale.field} = ${quote(chosen[0] ?? "")}`
      : `${scale.field} in (${(chosen.length > 0 ? chosen : [""]).map(quote).join(", ")})`;
  }
  return `${scale.field} >= ${border(valueAt(scale, from), false)} and ${scale.field} <= ${border(valueAt(scale, to), true)}`;
}
