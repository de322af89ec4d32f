import type { SessionWithActivitiesResource } from "@tandem/clerk-js";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import type { ProfileTexts } from "../localization.ts";
import { useElements, useLook, useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { ComputerIcon, PhoneIcon } from "../primitives/icons.tsx";
import { useAnnounce } from "./announcements.tsx";
import { Section } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";

/** Where the user is signed in, this device first, and how to end it elsewhere. */
export function ActiveDevicesSection(): ReactNode {
  const profileTexts = useProfileTexts();
  const el = useElements();
  const { user, session } = useClerkState();
  const [sessions, setSessions] = useState<SessionWithActivitiesResource[]>();
  const loading = useForm([]);
  const list = useRef<HTMLUListElement>(null);
  const words = profileTexts.start.activeDevicesSection;
  const userId = user?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each user; the form and the user are new at each render
  useEffect(() => {
    void loading.submit(async () => setSessions(await user?.getSessions()));
  }, [userId]);
  const currentFirst = [...(sessions ?? [])].sort(
    (left, right) =>
      Number(right.id === session?.id) - Number(left.id === session?.id) ||
      right.lastActiveAt.getTime() - left.lastActiveAt.getTime(),
  );
  return (
    <Section id="activeDevices" title={words.title}>
      <FormAlert form={loading} />
      {sessions === undefined && loading.busy && (
        <div role="status" aria-label={words.loading}>
          <div className="cl-skeleton" />
        </div>
      )}
      <ul
        ref={list}
        className={el("profileSectionItemList", "activeDevices")}
        tabIndex={-1}
        aria-label={words.title}
      >
        {currentFirst.map((one) => (
          <Device
            key={one.id}
            session={one}
            isCurrent={one.id === session?.id}
            onRevoked={() => {
              // The button that had the focus goes with its device.
              list.current?.focus();
              setSessions((before) => before?.filter(({ id }) => id !== one.id));
            }}
          />
        ))}
      </ul>
    </Section>
  );
}

function Device(props: {
  session: SessionWithActivitiesResource;
  isCurrent: boolean;
  onRevoked: () => void;
}): ReactNode {
  const { texts, fill } = useTexts();
  const profileTexts = useProfileTexts();
  const { locale } = useLook();
  const el = useElements();
  const announce = useAnnounce();
  const form = useForm([]);
  const words = profileTexts.start.activeDevicesSection;
  const { latestActivity, lastActiveAt } = props.session;
  const name = deviceName(props.session, words);
  const place = [latestActivity.city, latestActivity.country].filter(Boolean).join(", ");
  const address = [latestActivity.ipAddress, place === "" ? undefined : `(${place})`]
    .filter(Boolean)
    .join(" ");
  return (
    <li className={`${el("profileSectionItem", "activeDevices")} cl-activeDevice`}>
      <div className="cl-activeDeviceText">
        {latestActivity.isMobile === true ? <PhoneIcon size={20} /> : <ComputerIcon size={20} />}
        <div className={el("activeDeviceDetails")}>
          <span className="cl-activeDeviceName">
            {name}
            {props.isCurrent && <span className={el("badge", "thisDevice")}>{texts.badge__thisDevice}</span>}
          </span>
          {address !== "" && <bdi>{address}</bdi>}
          <span>{fill(words.lastActive, { date: written(lastActiveAt, locale) })}</span>
        </div>
      </div>
      {!props.isCurrent && (
        <Button
          descriptor="profileSectionPrimaryButton"
          id="danger"
          aria-label={fill(words.signOutOf, { device: name })}
          busy={form.busy}
          onClick={() =>
            void form.submit(async () => {
              await props.session.revoke();
              announce(profileTexts.deviceSignedOut);
              props.onRevoked();
            })
          }
        >
          {words.destructiveAction}
        </Button>
      )}
      <FormAlert form={form} />
    </li>
  );
}

function deviceName(
  { latestActivity }: SessionWithActivitiesResource,
  words: ProfileTexts["start"]["activeDevicesSection"],
): string {
  const browser = [latestActivity.browserName, latestActivity.browserVersion?.split(".")[0]]
    .filter(Boolean)
    .join(" ");
  return [latestActivity.deviceType, browser].filter(Boolean).join(", ") || words.unknownDevice;
}

function written(date: Date, locale: string | undefined): string {
  return date.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}
