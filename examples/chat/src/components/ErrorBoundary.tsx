import { Component, type ReactNode } from "react";

/** Shows why a query failed, for instance while you change it, instead of an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) {
      return this.props.children;
    }
    return (
      <main className="failure" role="alert">
        <h1>This page has run into an error</h1>
        <pre>{error.message}</pre>
        <button type="button" className="button" onClick={() => this.setState({ error: undefined })}>
          Try again
        </button>
      </main>
    );
  }
}
