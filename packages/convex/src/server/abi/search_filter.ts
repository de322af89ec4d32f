import { convexOrUndefinedToJson, type JSONValue, type Value } from "@tandem/values";
import { requireArgument } from "./check_argument.ts";

type Condition =
  | { type: "Search"; fieldPath: string; value: string }
  | { type: "Eq"; fieldPath: string; value: JSONValue };

/** The `q` of `.withSearchIndex(name, q => …)`. Each step is used up by the next one, so all steps share one list. */
export class SearchFilterSteps {
  private readonly conditions: Condition[];
  private used = false;

  constructor(conditions: Condition[]) {
    this.conditions = conditions;
  }

  search(fieldPath: string, query: string): SearchFilterSteps {
    requireArgument(fieldPath, 1, "search", "fieldName");
    requireArgument(query, 2, "search", "query");
    return this.step({ type: "Search", fieldPath, value: query });
  }

  // The rest parameter tells `eq(field, undefined)`, which looks for a missing field, from a forgotten value.
  eq(fieldPath: string, ...values: [Value | undefined] | []): SearchFilterSteps {
    requireArgument(fieldPath, 1, "eq", "fieldName");
    if (values.length === 0) requireArgument(undefined, 2, "eq", "value");
    return this.step({ type: "Eq", fieldPath, value: convexOrUndefinedToJson(values[0]) });
  }

  /** The search as it is sent (R §1.7). */
  export(): Condition[] {
    this.use();
    return this.conditions;
  }

  private step(condition: Condition): SearchFilterSteps {
    this.use();
    this.conditions.push(condition);
    return new SearchFilterSteps(this.conditions);
  }

  private use(): void {
    if (this.used) {
      throw new Error(
        "This step of a search was continued already. Chain the steps, like `q => q.search(…).eq(…)`, and return the last one.",
      );
    }
    this.used = true;
  }
}
