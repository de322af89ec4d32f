// The public names of base64 coding, apart so that `Base64` can be one namespace.
export {
  /** How many bytes padded base64 text stands for. */
  base64ByteLength as byteLength,
  /** The bytes of padded base64 text, standard or URL-safe. @throws Error when it is malformed. */
  decodeBase64 as toByteArray,
  /** Bytes as standard base64 text, padded. */
  encodeBase64 as fromByteArray,
  /** Bytes as URL-safe base64 text without padding. */
  encodeBase64Url as fromByteArrayUrlSafeNoPadding,
} from "@tandem/values";
