export {
  base64ByteLength,
  decodeBase64,
  decodeF64,
  decodeI64,
  decodeU64,
  encodeBase64,
  encodeBase64Url,
  encodeF64,
  encodeI64,
  encodeU64,
} from "./base64.ts";
export { CommitTsPlaceholder, commitTsPlaceholder, isCommitTsPlaceholder } from "./commit_ts.ts";
export { ConvexError, isConvexError } from "./convex_error.ts";
export {
  decodeDocumentId,
  encodeDocumentId,
  InvalidIdError,
  newInternalId,
  tableNumberOf,
} from "./document_id.ts";
export { fieldNameFault } from "./field_name.ts";
export {
  checkDocumentFieldName,
  checkFieldName,
  checkIdentifier,
  checkIndexName,
  checkTableName,
  identifierFault,
  isSystemTableName,
  NameError,
  type NameErrorCode,
  parseFieldPath,
} from "./identifier.ts";
export {
  decodeIndexKey,
  encodeIndexKey,
  type IndexKey,
  indexKeyFromBytes,
  indexKeyToBytes,
  prefixEnd,
} from "./index_key.ts";
export {
  convexOrUndefinedToJson,
  convexToJson,
  jsonToConvex,
  jsonToConvexOrUndefined,
  jsonToPatchValue,
  parsedToConvex,
  parsedToPatchValue,
  patchValueToJson,
} from "./json.ts";
export { documentLimitFault, type LimitFault, valueLimitFault } from "./limits.ts";
export { compareUTF8, compareValues } from "./order.ts";
export { renderValue } from "./render_value.ts";
export { documentSize, getConvexSize, getDocumentSize, nesting, valueSize } from "./size.ts";
export { stringifyValueForError } from "./stringify.ts";
export { isWellFormedUnicode, utf8ByteLength } from "./utf8.ts";
export { type CompiledValidator, compileValidator, type ValidatorTables, validateValue } from "./validate.ts";
export { type AsObjectValidator, asObjectValidator, isValidator, v } from "./validator.ts";
export {
  type Expand,
  type GenericValidator,
  type Infer,
  type JoinFieldPaths,
  type ObjectType,
  type OptionalKeys,
  type OptionalProperty,
  type PropertyValidators,
  type RequiredKeys,
  VAny,
  VArray,
  type Validator,
  VBoolean,
  VBytes,
  VCommitTs,
  VFloat64,
  VId,
  VInt64,
  VLiteral,
  VNull,
  VObject,
  type VOptional,
  VRecord,
  VString,
  VUnion,
} from "./validator_classes.ts";
export {
  type ObjectFieldType,
  parseValidatorJson,
  type RecordKeyValidatorJSON,
  type RecordValueValidatorJSON,
  type ValidatorJSON,
  ValidatorJsonError,
  validatorToSource,
} from "./validator_json.ts";
export {
  type GenericId,
  isSimpleObject,
  type JSONValue,
  MAX_ARRAY_LENGTH,
  MAX_DOCUMENT_NESTING,
  MAX_DOCUMENT_SIZE,
  MAX_FIELD_NAME_LENGTH,
  MAX_IDENTIFIER_LENGTH,
  MAX_INT64,
  MAX_OBJECT_FIELDS,
  MAX_VALUE_NESTING,
  MAX_VALUE_SIZE,
  MIN_INT64,
  type NumericValue,
  type Value,
} from "./value.ts";
