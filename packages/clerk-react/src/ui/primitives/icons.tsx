import type { ReactNode } from "react";

/** Drawings of 16 × 16, in the colour of the text around; what they mean is said in words beside them. */
function icon(...paths: string[]): (props: { size?: number }) => ReactNode {
  return ({ size = 16 }) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {paths.map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

export const EyeIcon = icon(
  "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z",
  "M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
);
export const EyeOffIcon = icon(
  "M6.6 3.7A6.6 6.6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.500a12 12 0 0 1-1.7 2.200M9.9 12.200a6 6 0 0 1-1.9.300C4 12.5 1.5 8 1.5 8a12 12 0 0 1 2.9-3.2",
  "M6.6 6.600a2 2 0 0 0 2.8 2.800M2 2l12 12",
);
export const AlertIcon = icon("M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Z", "M8 5.200v3.200M8 10.800v.01");
export const CheckIcon = icon("M3.5 8.5 6.5 11.5 12.5 4.5");
export const DotIcon = icon("M8 9.500a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z");
export const CloseIcon = icon("M4 4l8 8M12 4l-8 8");
export const PencilIcon = icon("M10.5 3 13 5.5 6 12.500l-3 .5.5-3L10.5 3Z");
export const MailIcon = icon(
  "M2 4.500A1 1 0 0 1 3 3.500h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-7Z",
  "m2.5 4.5 5.5 4 5.5-4",
);
export const LockIcon = icon("M4.5 7V5.500a3.5 3.5 0 0 1 7 0V7", "M3.5 7h9v6.500h-9z");
export const KeyIcon = icon("M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z", "M7.3 8.7 13 3M11 5l1.5 1.5");
export const GearIcon = icon(
  "M2 4.500h7M12 4.500h2M2 11.500h2M7 11.500h7",
  "M10.5 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM5.5 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
);
export const SignOutIcon = icon(
  "M6 2.500H3.500a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6",
  "M10.5 11 13.5 8l-3-3M13 8H6",
);
export const PlusIcon = icon("M8 3.500v9M3.5 8h9");
export const PersonIcon = icon("M8 7.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z", "M3 13.500a5 5 0 0 1 10 0");
export const ShieldIcon = icon("M8 1.8 13 3.500V8c0 3-2.2 5.2-5 6.200C5.2 13.2 3 11 3 8V3.500L8 1.800Z");
export const DotsIcon = icon("M3.5 8v.01M8 8v.01M12.5 8v.01");
export const ComputerIcon = icon("M2.5 3h11v7.500h-11z", "M5.5 13.500h5M8 10.500v3");
export const PhoneIcon = icon(
  "M5 1.500h6a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1Z",
  "M7.3 12.300h1.4",
);
export const SwitchIcon = icon("M3 5.500h9.500M10 3l2.5 2.500L10 8", "M13 10.500H3.500M6 8l-2.5 2.500L6 13");
