/** What moves, and that it stands still for those who asked for it. */
export const motionRules = `
@keyframes cl-turn{to{transform:rotate(1turn)}}
@keyframes cl-blink{50%{opacity:0}}
@keyframes cl-rise{from{opacity:0;transform:translateY(.5rem) scale(.985)}}
@keyframes cl-fade{from{opacity:0}}
@keyframes cl-drop{from{opacity:0;transform:translateY(-.25rem) scale(.98)}}
@keyframes cl-shimmer{50%{opacity:.45}}
.cl-main{animation:cl-fade .2s ease-out}
.cl-modalBackdrop{animation:cl-fade .16s ease-out}
.cl-modalContent{animation:cl-rise .2s cubic-bezier(.2,.8,.2,1)}
.cl-menuList,.cl-userButtonPopoverCard{animation:cl-drop .14s cubic-bezier(.2,.8,.2,1)}
.cl-actionCard{animation:cl-drop .16s ease-out}
@media (prefers-reduced-motion:reduce){
  .cl-rootBox *,.cl-rootBox ::after{animation-duration:1ms!important;animation-iteration-count:1!important;transition:none!important}
}
.cl-rootBox[data-still] *,.cl-rootBox[data-still] ::after{animation-duration:1ms!important;animation-iteration-count:1!important;transition:none!important}
`;
