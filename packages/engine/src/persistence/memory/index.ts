export { type Disk, MemoryMedium, openMemoryPersistence } from "./memory_persistence.ts";
