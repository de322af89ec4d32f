import { useQuery } from "convex/react";
import { useState } from "react";
import { api } from "../convex/_generated/api";
import { ConnectionBanner } from "./components/ConnectionBanner.tsx";
import { NameDialog } from "./components/NameDialog.tsx";
import { Room } from "./components/Room.tsx";
import { RoomList } from "./components/RoomList.tsx";
import { useRoomInUrl } from "./room_in_url.ts";

export function App() {
  const rooms = useQuery(api.rooms.list);
  const wanted = useRoomInUrl();
  const [author, setAuthor] = useState(() => localStorage.getItem("chat.name") ?? "");
  const [naming, setNaming] = useState(author === "");

  const keepName = (name: string) => {
    localStorage.setItem("chat.name", name);
    setAuthor(name);
    setNaming(false);
  };

  // Wide windows always show a room; narrow ones show the list until one is chosen.
  const room = wanted === "" ? rooms?.[0] : rooms?.find((one) => one._id === wanted);

  return (
    <div className="app" data-chosen={wanted !== ""}>
      <ConnectionBanner />
      <RoomList rooms={rooms} selected={room} author={author} onRename={() => setNaming(true)} />
      <main className="room">
        {room !== undefined ? (
          <Room key={room._id} room={room} author={author} />
        ) : rooms === undefined ? (
          <p className="hint" aria-busy="true">
            Loading …
          </p>
        ) : wanted === "" ? (
          <p className="hint">No rooms yet. Open the first one with “New room”.</p>
        ) : (
          <p className="hint">
            There is no such room. <a href="#/">See all rooms</a>
          </p>
        )}
      </main>
      {naming && <NameDialog name={author} onName={keepName} onCancel={() => setNaming(false)} />}
    </div>
  );
}
