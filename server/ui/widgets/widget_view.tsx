import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Frame, type FrameChannel } from "../frames/frame.tsx";
import type { Session } from "../session/session.ts";
import { fromWidgets, type ToWidgets, type WidgetState } from "./messages.ts";
import { neededFor } from "./references.ts";
import { widgetsOf } from "./session_widgets.ts";
import type { WidgetStore } from "./widget_store.ts";

/** Options for {@linkcode WidgetView}. */
export interface WidgetViewProps {
  /** The session of the kernel that has the widget; null where there is none. */
  session: Session | null;
  /** The states of widgets that the notebook was saved with. */
  saved: ReadonlyMap<string, WidgetState>;
  /** The id of the widget. */
  id: string;
  /** The form of the widget for pages that cannot show it. */
  children: ComponentChildren;
}

/** A widget: live if the kernel has it, and otherwise as it was saved. */
export function WidgetView(props: WidgetViewProps) {
  return props.session ? <LiveWidget {...props} session={props.session} /> : (
    <SavedWidget
      {...props}
      note="This widget is as it was saved: it is connected to no kernel."
    />
  );
}

function LiveWidget({ session, id, ...others }: WidgetViewProps & { session: Session }) {
  const store = widgetsOf(session);
  const [state, setState] = useState<"waiting" | "live" | "ended" | "unknown">("waiting");
  const kernelId = session.kernelId.value;
  const generation = session.comms.generation.value;
  useEffect(() => {
    // A frame with widgets of a kernel that has ended stays, and says so.
    if (state === "live") return setState("ended");
    if (state === "ended") return;
    const closed = new AbortController();
    store.find(id, closed.signal).then((found) => {
      if (!closed.signal.aborted) setState(found ? "live" : "unknown");
    });
    return () => closed.abort();
  }, [store, id, kernelId, generation]);
  const channel = useMemo(() => state === "live" ? liveChannel(store, id) : null, [
    store,
    id,
    state === "waiting" || state === "unknown",
  ]);
  if (state === "waiting") return <>{others.children}</>;
  if (state === "unknown" || !channel) {
    return (
      <SavedWidget
        {...{ session, id, ...others }}
        note="This widget is no longer live: it is not in the kernel. Run the cell again to use it."
      />
    );
  }
  return (
    <>
      <Frame kind="widgets" source={id} library="widgets" channel={channel} />
      {state === "ended" && (
        <p class="output-note" role="status">
          This widget is no longer live: its kernel has ended. Run the cell again to use it.
        </p>
      )}
    </>
  );
}

function SavedWidget({ saved, id, note, children }: WidgetViewProps & { note: string }) {
  const channel = useMemo(() => saved.has(id) ? savedChannel(saved, id) : undefined, [saved, id]);
  return (
    <>
      {channel
        ? <Frame kind="widgets" source={id} library="widgets" channel={channel} />
        : children}
      <p class="output-note">{note}</p>
    </>
  );
}

/** Returns the channel of a frame that shows a widget which nothing changes. */
function savedChannel(saved: ReadonlyMap<string, WidgetState>, id: string): FrameChannel {
  return {
    connect(post) {
      const models = Object.fromEntries(
        [...neededFor(id, saved)].map((needed) => [needed, saved.get(needed)!]),
      );
      post({ type: "models", models, isLive: false } satisfies ToWidgets);
      post({ type: "show", id } satisfies ToWidgets);
      return { receive() {}, disconnect() {} };
    },
  };
}

/** Returns the channel between a frame that shows a widget and the kernel. */
function liveChannel(store: WidgetStore, root: string): FrameChannel {
  return {
    connect(post) {
      const told = new Set<string>();
      const send = (message: ToWidgets) => post(message);
      /** Tells the frame of the widgets that it needs by now. */
      const tellNeeded = () => {
        const news = [...neededFor(root, store.models)].filter((id) => !told.has(id));
        if (news.length === 0) return;
        for (const id of news) told.add(id);
        const models = Object.fromEntries(news.map((id) => [id, store.models.get(id)!]));
        send({ type: "models", models, isLive: true });
      };
      tellNeeded();
      send({ type: "show", id: root });
      const origin = {};
      const stop = store.observe((change) => {
        if (change.type === "ended") return send({ type: "disconnected" });
        if (change.type === "arranged") return tellNeeded();
        if (change.origin === origin || !told.has(change.id)) return;
        const { id, data, buffers } = change;
        send({ type: "message", id, data, buffers });
      });
      return {
        receive(data) {
          const { success, data: message } = fromWidgets.safeParse(data);
          // A frame speaks for the widgets that it shows, and for no others.
          if (!success || !told.has(message.id)) return;
          const handled = () => send({ type: "handled", token: message.token });
          store.send(message, origin).then(handled, handled);
        },
        disconnect: stop,
      };
    },
  };
}
