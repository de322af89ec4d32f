import type { Route } from "../http/index.ts";
import type { Instance } from "../instances/index.ts";
import type { UserRow } from "../store/index.ts";

/**
 * The picture of a user who has given none: initials on a colour. Its last part is base64 JSON with `type: "default"`,
 * by which the UI components know that it is no real picture (F §5.7).
 */
export function avatarUrl(
  { issuer }: Instance,
  user: Pick<UserRow, "id" | "firstName" | "lastName">,
): string {
  const picture = { type: "default", rid: user.id, initials: initialsOf(user) };
  return `${issuer}/avatars/${Buffer.from(JSON.stringify(picture)).toString("base64url")}`;
}

/** Serves the pictures of {@link avatarUrl}: drawn from their address, nothing is kept. */
export function avatarRoutes(): Route[] {
  return [
    {
      audience: "open",
      method: "GET",
      path: "/avatars/:picture",
      handle: ({ path }) => ({
        body: draw(path.picture!),
        type: "image/svg+xml",
        headers: [
          ["cache-control", "public, max-age=86400"],
          // Opened by itself it is a document: it may do nothing.
          ["content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"],
        ],
      }),
    },
  ];
}

function initialsOf({ firstName, lastName }: Pick<UserRow, "firstName" | "lastName">): string {
  const letters = [firstName, lastName].map((name) => [...(name ?? "")][0] ?? "").join("");
  // The page reads the address with atob, which knows ASCII only.
  return /^[ -~]*$/.test(letters) ? letters.toUpperCase() : "";
}

function draw(picture: string): string {
  let hue = 0;
  for (const character of picture) hue = (hue * 31 + character.codePointAt(0)!) % 360;
  const letters =
    /"initials":"([A-Z0-9]{0,2})"/.exec(Buffer.from(picture, "base64url").toString())?.[1] ?? "";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">` +
    `<rect width="80" height="80" fill="hsl(${hue} 45% 45%)"/>` +
    `<text x="40" y="41" fill="#fff" font-family="system-ui,sans-serif" font-size="32" ` +
    `text-anchor="middle" dominant-baseline="central">${letters}</text></svg>`
  );
}
