import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { themeCss } from './theme-css.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(themeCss());
document.adoptedStyleSheets = [sheet];

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
