import { useSyncExternalStore } from "react";

/** The id of the room that the address names (`#/<id>`), or an empty string. */
export function useRoomInUrl(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice("#/".length));
}

export function goToRoom(id: string): void {
  location.hash = `/${id}`;
}

function subscribe(onChange: () => void): () => void {
  addEventListener("hashchange", onChange);
  return () => removeEventListener("hashchange", onChange);
}
