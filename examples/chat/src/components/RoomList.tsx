import { useMutation } from "convex/react";
import { type FormEvent, useState } from "react";
import { api } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { refusal } from "../refusal.ts";
import { goToRoom } from "../room_in_url.ts";
import { Avatar } from "./Avatar.tsx";

type Props = {
  rooms: Doc<"rooms">[] | undefined;
  selected: Doc<"rooms"> | undefined;
  author: string;
  onRename: () => void;
};

/** The rooms to choose from, a field to open another one, and who you are. */
export function RoomList({ rooms, selected, author, onRename }: Props) {
  return (
    <aside className="sidebar">
      <h1 className="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Tandem chat
      </h1>
      <nav aria-label="Rooms">
        <ul className="rooms">
          {rooms?.map((room) => (
            <li key={room._id}>
              <a href={`#/${room._id}`} aria-current={room._id === selected?._id ? "page" : undefined}>
                <span className="hash" aria-hidden="true">
                  #
                </span>
                <span className="room-name">{room.name}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <NewRoom />
      <button type="button" className="me" onClick={onRename}>
        <Avatar name={author} />
        <span className="me-name">{author || "…"}</span>
        <span className="me-change">Change name</span>
      </button>
    </aside>
  );
}

function NewRoom() {
  const create = useMutation(api.rooms.create);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem("");
    try {
      goToRoom(await create({ name }));
      setName("");
    } catch (error) {
      setProblem(refusal(error));
    }
  };

  return (
    <form className="new-room" onSubmit={submit}>
      <input
        className="field"
        aria-label="Name of a new room"
        placeholder="New room"
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
        required
      />
      <button type="submit" className="button quiet" aria-label="Open the room">
        +
      </button>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
