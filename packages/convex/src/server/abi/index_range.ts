import { convexOrUndefinedToJson, type JSONValue, type Value } from "@tandem/values";

type Bound = { type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte"; fieldPath: string; value: JSONValue };

/**
 * The `q` of `.withIndex(name, q => …)`. Each step is used up by the next one, so all steps share one list; whether the
 * fields are those of the index is for the host to say (R §1.7).
 */
export class IndexRangeSteps {
  private readonly bounds: Bound[];
  private used = false;

  constructor(bounds: Bound[]) {
    this.bounds = bounds;
  }

  eq(fieldPath: string, value: Value | undefined): IndexRangeSteps {
    return this.step("Eq", fieldPath, value);
  }

  gt(fieldPath: string, value: Value | undefined): IndexRangeSteps {
    return this.step("Gt", fieldPath, value);
  }

  gte(fieldPath: string, value: Value | undefined): IndexRangeSteps {
    return this.step("Gte", fieldPath, value);
  }

  lt(fieldPath: string, value: Value | undefined): IndexRangeSteps {
    return this.step("Lt", fieldPath, value);
  }

  lte(fieldPath: string, value: Value | undefined): IndexRangeSteps {
    return this.step("Lte", fieldPath, value);
  }

  /** The range as it is sent. */
  export(): Bound[] {
    this.use();
    return this.bounds;
  }

  private step(type: Bound["type"], fieldPath: string, value: Value | undefined): IndexRangeSteps {
    this.use();
    this.bounds.push({ type, fieldPath, value: convexOrUndefinedToJson(value) });
    return new IndexRangeSteps(this.bounds);
  }

  private use(): void {
    if (this.used) {
      throw new Error(
        "This step of an index range was continued already. Chain the steps, like `q => q.eq(…).gt(…)`, and return the last one.",
      );
    }
    this.used = true;
  }
}
