import type { CustomMenuItem, CustomPage } from "@tandem/clerk-js";
import { Children, type ComponentType, isValidElement, type ReactElement, type ReactNode } from "react";

/**
 * The children that say what goes into a menu or a profile draw nothing where they
 * stand: their props are read by the component around them.
 */
function nothing<Props>(): (props: Props) => null {
  return () => null;
}

type ActionProps = { label: string; labelIcon?: ReactNode; onClick?: () => void; open?: string };
type LinkProps = { label: string; href: string; labelIcon?: ReactNode };
type PageProps = { label: string; url?: string; labelIcon?: ReactNode; children?: ReactNode };
type PageLinkProps = { label: string; url: string; labelIcon?: ReactNode };

export const MenuItems = nothing<{ children?: ReactNode }>();
export const Action = nothing<ActionProps>();
export const Link = nothing<LinkProps>();
export const ProfilePage = nothing<PageProps>();
export const ProfileLink = nothing<PageLinkProps>();

function childrenOf<Props>(children: ReactNode, type: ComponentType<Props>): Props[] {
  return Children.toArray(children)
    .filter((child): child is ReactElement<Props> => isValidElement(child) && child.type === type)
    .map(({ props }) => props);
}

/** The entries of the `MenuItems` among a user button's children, in their order. */
export function menuItemsOf(children: ReactNode): CustomMenuItem[] {
  return childrenOf(children, MenuItems).flatMap((menu) =>
    Children.toArray(menu.children)
      .filter(
        (child): child is ReactElement<ActionProps & Partial<LinkProps>> =>
          isValidElement(child) && (child.type === Action || child.type === Link),
      )
      .map(({ props: { label, labelIcon, href, open, onClick } }) => ({
        label,
        href,
        open,
        onClick,
        icon: labelIcon,
      })),
  );
}

/** The pages and links among a profile's children, in their order. */
export function pagesOf(children: ReactNode): CustomPage[] {
  return Children.toArray(children)
    .filter(
      (child): child is ReactElement<PageProps> =>
        isValidElement(child) && (child.type === ProfilePage || child.type === ProfileLink),
    )
    .map(({ props: { label, url, labelIcon, children: content } }) => ({
      label,
      url,
      icon: labelIcon,
      content,
    }));
}
