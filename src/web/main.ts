import { createApp } from 'vue';
import App from './App.vue';
import 'ol/ol.css';
import './style.css';

createApp(App).mount('#app');
