import { ConvexProvider, ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { ErrorBoundary } from "./components/ErrorBoundary.tsx";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/rooms.css";
import "./styles/messages.css";
import "./styles/composer.css";
import "./styles/notices.css";

// `convex dev` writes the address into .env.local.
const client = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ErrorBoundary>
      <ConvexProvider client={client}>
        <App />
      </ConvexProvider>
    </ErrorBoundary>
  </StrictMode>,
);
