-- A task may be drawn again for the same person by another supervisor, who knows nothing of the first draw.
ALTER TABLE tuban.second_look DROP CONSTRAINT second_look_task_id_looker_key;
ALTER TABLE tuban.second_look ADD CONSTRAINT second_look_draw_id_task_id_key UNIQUE (draw_id, task_id);
