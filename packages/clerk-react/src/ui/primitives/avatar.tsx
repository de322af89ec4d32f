import { type ReactNode, useState } from "react";
import { useElements } from "../look/look_context.tsx";

interface Pictured {
  readonly hasImage?: boolean;
  readonly imageUrl?: string;
}

/**
 * A person's picture, or their initials on a colour of their own.
 * @param size edge in rem
 */
export function Avatar(props: { of: Pictured; name: string; seed: string; size?: number }): ReactNode {
  const el = useElements();
  const { hasImage = false, imageUrl = "" } = props.of;
  const [broken, setBroken] = useState<string>();
  const style = {
    "--cl-hue": hueOf(props.seed),
    "--cl-avatar": `${props.size ?? 2}rem`,
  } as React.CSSProperties;
  return (
    <span className={el("avatarBox")} style={style} aria-hidden="true">
      {hasImage && imageUrl !== "" && imageUrl !== broken ? (
        <img className={el("avatarImage")} src={imageUrl} alt="" onError={() => setBroken(imageUrl)} />
      ) : (
        initialsOf(props.name)
      )}
    </span>
  );
}

/** The first letters of the first and the last word: `"Ada King Lovelace"` → `"AL"`; of an address, of its name. */
export function initialsOf(name: string): string {
  const words = name
    .replace(/[+@].*$/, "")
    .split(/[\s._-]+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return letters.join("").toLocaleUpperCase();
}

/** The same colour for the same person everywhere: degrees on the colour wheel. */
function hueOf(seed: string): number {
  let hash = 0;
  for (const letter of seed) {
    hash = (hash * 31 + letter.codePointAt(0)!) % 360_007;
  }
  return hash % 360;
}
