/** The English texts of the profile, `userProfile` among those of a localization (F §7.5). */
export const english = {
  formButtonPrimary__save: "Save",
  formButtonPrimary__add: "Add",
  formButtonPrimary__remove: "Remove",
  formButtonReset: "Cancel",
  navbar: {
    title: "Account",
    description: "Your details and how you sign in.",
    account: "Profile",
    security: "Security",
  },
  start: {
    headerTitle__account: "Profile",
    headerTitle__security: "Security",
    profileSection: {
      title: "Name",
      primaryButton: "Edit name",
      noName: "No name set",
    },
    usernameSection: {
      title: "Username",
      primaryButton__updateUsername: "Change username",
      primaryButton__setUsername: "Set a username",
      noUsername: "No username set",
    },
    emailAddressesSection: {
      title: "Email addresses",
      primaryButton: "Add an email address",
      detailsAction__nonPrimary: "Make primary",
      detailsAction__unverified: "Verify",
      destructiveAction: "Remove",
      openMenu: "Actions for {{identifier}}",
    },
    passwordSection: {
      title: "Password",
      primaryButton__updatePassword: "Change password",
      primaryButton__setPassword: "Set a password",
      noPassword: "No password set",
    },
    activeDevicesSection: {
      title: "Active devices",
      destructiveAction: "Sign out",
      signOutOf: "Sign out of {{device}}",
      unknownDevice: "Unknown device",
      lastActive: "Last active {{date}}",
      loading: "Loading devices…",
    },
    dangerSection: {
      title: "Delete account",
      deleteAccountButton: "Delete account",
      description: "Removes your account and everything that belongs to it.",
    },
  },
  profilePage: {
    title: "Edit name",
    successMessage: "Your name has been saved.",
  },
  usernamePage: {
    title__set: "Set a username",
    title__update: "Change username",
    successMessage: "Your username has been saved.",
  },
  emailAddressPage: {
    title: "Add an email address",
    verifyTitle: "Verify email address",
    formHint: "We send a code to this address to make sure it is yours.",
    emailCode: {
      formSubtitle: "Enter the code we sent to {{identifier}}",
      resendButton: "Send a new code",
      successMessage: "{{identifier}} has been verified.",
    },
    removeResource: {
      title: "Remove email address",
      messageLine1: "{{identifier}} will be removed from this account.",
      messageLine2: "You will no longer be able to sign in with it.",
      successMessage: "{{emailAddress}} has been removed.",
    },
    primaryMessage: "{{identifier}} is now your primary address.",
  },
  passwordPage: {
    title__set: "Set a password",
    title__update: "Change password",
    successMessage__set: "Your password has been set.",
    successMessage__update: "Your password has been changed.",
    checkboxInfoText__signOutOfOtherSessions:
      "Recommended: someone may still use the old password elsewhere.",
  },
  deletePage: {
    title: "Delete account",
    messageLine1: "Your account and all its data will be deleted.",
    messageLine2: "This cannot be undone.",
    actionDescription: "Type “Delete account” below to go on.",
    confirm: "Delete account",
  },
  deviceSignedOut: "The device has been signed out.",
};
