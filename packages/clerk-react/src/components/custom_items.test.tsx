import { expect, test } from "vitest";
import { menuItemsOf, pagesOf } from "./custom_items.tsx";
import { UserButton, UserProfile } from "./views.tsx";

test("the entries of a user button's menu are read in their order", () => {
  const sayHello = () => {};
  const items = menuItemsOf(
    (
      <>
        {null}
        <UserButton.MenuItems>
          <UserButton.Link label="Orders" labelIcon="*" href="/orders" />
          {false}
          <UserButton.Action label="Hello" onClick={sayHello} />
          <UserButton.Action label="manageAccount" />
          <b>not an entry</b>
        </UserButton.MenuItems>
      </>
    ).props.children,
  );
  expect(items).toEqual([
    { label: "Orders", href: "/orders", icon: "*" },
    { label: "Hello", onClick: sayHello },
    { label: "manageAccount" },
  ]);
});

test("the pages and links of a profile are read in their order", () => {
  expect(
    pagesOf([
      <UserProfile.Page key="1" label="Terms" url="terms">
        text
      </UserProfile.Page>,
      <UserProfile.Link key="2" label="Home" url="/" />,
    ]),
  ).toEqual([
    { label: "Terms", url: "terms", content: "text" },
    { label: "Home", url: "/" },
  ]);
});
