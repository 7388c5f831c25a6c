import { createApp } from 'vue';
import App from './App.vue';
import 'ol/ol.css';
import './page.css';
import './map-and-task.css';

createApp(App).mount('#app');
