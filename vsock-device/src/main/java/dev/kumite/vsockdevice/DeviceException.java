package dev.kumite.vsockdevice;

/** The other side does what it must not; the device cannot go on. */
final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DeviceException(String message) {
        super(message);
    }

    DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
