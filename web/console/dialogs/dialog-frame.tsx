import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';

export type DialogFrameProps = {
  title: string;
  onClose(): void;
  children: ReactNode;
  submit?: { label: string; color?: string; isBusy?: boolean; isDisabled?: boolean; run(): void };
  problem?: string | null;
  size?: string;
};

/** A dialog with one thing to do. Ctrl Enter does it from anywhere in it. */
export const DialogFrame = ({ title, onClose, children, submit, problem = null, size = 'md' }: DialogFrameProps) => {
  const run = (): void => {
    if (submit && !submit.isBusy && !submit.isDisabled) submit.run();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };
  return (
    // What locks the page's scrolling writes a <style> element; this page does not scroll.
    <Modal.Root opened onClose={onClose} centered size={size} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Modal.Header would be a second banner of the page. */}
        <div className="dialog-title">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>
          <form onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate>
            <Stack gap="md">
              {problem !== null && (
                <Alert color="red" variant="light" role="alert">
                  {problem}
                </Alert>
              )}
              {children}
              {submit && (
                <Group justify="flex-end" gap="xs">
                  <Button variant="default" onClick={onClose}>
                    Cancel
                  </Button>
                  <Button
                    type="submit"
                    color={submit.color ?? 'fjord'}
                    loading={submit.isBusy ?? false}
                    disabled={submit.isDisabled ?? false}
                  >
                    {submit.label}
                  </Button>
                </Group>
              )}
            </Stack>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
